"""The English words and phrases by which a promise is told, each under one kind; parted by strokes."""

__all__ = ["ENGLISH"]

ENGLISH = {
    "we": (
        "i|we|our team|our engineer|our engineers|our side|our company|our service|our factory|our technician|"
        "me|us|i'm|we're|our logistics|our workshop|our production|ours|myself|our sales team|our people|"
        "our guys|our plant"
    ),
    "they": (
        "they|customer|the customer|client|the client|the buyer|buyer|them|the other side|their side|"
        "purchasing|their purchasing|procurement|the purchasing manager|their team|their engineer|"
        "their engineers|his team|her team|the plant manager|their finance|their boss|his boss|her boss|"
        "their buyer|their bank|the distributor|the dealer|accounting|finance|the end user|end customer|"
        "the factory|their management|the bank"
    ),
    "pronoun": "he|she|him|her|he's|she's",
    "you": "you|your",
    "vow": (
        "promise|promised|promises|promising|commit|committed|commits|guarantee|guaranteed|guarantees|pledged|"
        "pledge|assured|assures|assure|swore|vowed|undertook|undertake|owe|owes|gave his word|gave her word|"
        "gave their word|have given our word|gave our word"
    ),
    "pact": "agree|agreed|agrees|offered|offers|volunteered|settled|deal",
    "say": (
        "said|says|say|told|tell|tells|confirmed|mentioned|replied|wrote|informed|stated|answered|texted|"
        "emailed|e-mailed|announced|emphasized|insisted that|explained|indicated|writes"
    ),
    "will": (
        "will|'ll|ll|shall|going to|gonna|would|'d|is to|are to|must|have to|has to|need to|needs to|"
        "still have to|gotta|going|got to|i'm to|we're to|make sure to|remember to|don't forget to|"
        "supposed to|willing to"
    ),
    "ask": (
        "asked|asks|ask|wants|want|wanted|needs|requested|requests|request|requires|required|would like|"
        "'d like|please|demand|demands|demanded|hope|hopes|hoping|hoped|expects|expect|expected|wish|wishes|"
        "insists|insist|looking for|would love|pushing|keeps asking|begged|urged|pls|waiting for|wait for|"
        "awaiting|remind|reminded|need"
    ),
    "yes": (
        "can do|that works|works for us|that's fine|that is fine|we can do that|no problem|sure|yes|ok|okay|"
        "fine|will do|of course|no worries|accepted|absolutely|gladly|yep|all right|alright|done deal|np"
    ),
    "able": "can",
    "no": (
        "not|no|never|cannot|can't|won't|don't|doesn't|didn't|wouldn't|couldn't|isn't|aren't|hasn't|haven't|"
        "without|refuse|refused|refuses|unable|declined|unlikely|nothing|none|nobody|shouldn't|nor|neither|"
        "instead of|cancelled|canceled|rejected|wont|dont|cant|didnt|doesnt|rather than"
    ),
    "hedge": (
        "otherwise|might|may|maybe|perhaps|probably|possibly|could|should|hopefully|likely|considering|"
        "consider|thinking|think|thinks|plan to|plans to|planning|plan|expected to|tbd|would be nice|ideally|"
        "tentatively|tentative|in theory|not sure|intends|intend|aims|aim to|potentially|supposedly|estimate|"
        "estimated|depending|guess|wondering|wonder|apparently"
    ),
    "if": (
        "if|unless|provided|provided that|in case|as long as|assuming|subject to|should they|depends on|"
        "were to|on condition that"
    ),
    "ask_what": "whether|when can|when could|how long|how much|what|why|who|which",
    "done": "met|visited|saw|spoke|called|already|just|earlier|previously|recently|used to|last time",
    "deed": (
        "send|email|e-mail|mail|forward|share|ship|deliver|provide|confirm|pay|wire|transfer|sign|call|"
        "call back|get back|come back|reply|answer|respond|issue|release|place|order|return|let us know|"
        "let me know|let him know|let her know|let them know|let you know|introduce|arrange|schedule|prepare|"
        "quote|submit|supply|install|replace|repair|fix|train|present|demo|demonstrate|let know|revert|update|"
        "hand over|give|bring|check|look into|find out|hold|settle|run|throw in|extend|credit|refund|waive|"
        "invoice|open|process|approve|finalize|finalise|deposit|book|test|commission|revise|resend|re-send|"
        "draft|write|ring|phone|text|ping|whatsapp|upload|countersign|initial|stamp|dispatch|courier|fly in|"
        "set up|organize|organise|clarify|calculate|measure|add|make|build|cut|start|finish|complete|verify|"
        "translate|print|circulate|copy|inform|notify|advise|pass on|put|reserve|keep|collect|pick up|remit|"
        "top up|review|evaluate|feed back|feedback|get|take|buy|assign|expedite|rework|adjust|change|lend|"
        "rent|loan|match|reduce|lower|cover|absorb|support|help|follow through|kick off|connect|report|"
        "register|ask internally|chase|validate|inspect|produce|pack|load|swap|exchange|grant|offer|swing|"
        "sort out|work out|fill in|fill out|post|airfreight|air freight|fax|document|publish|propose|"
        "recommend|nominate|decide"
    ),
    "meet": (
        "visit|meet|come|go|see|discuss|talk|chat|follow up|travel|attend|join|catch up|stop by|drop by|fly|"
        "speak|try|retry|touch base|be"
    ),
    "link": "and|then|also|plus|but|so|while|meanwhile|whereas|afterwards",
    "fill": (
        "definitely|certainly|surely|try to|be able to|still|now|personally|kindly|that|too|as well|both|"
        "himself|herself|themselves|immediately|again|really|to try to|do our best to|do my best to|best to|"
        "make sure|next|over|is|are|am|'s|'re|'m|'ve|internally|quickly|todo|action|to do|by then|only|even|"
        "all|simply|directly"
    ),
    "give": "to|for|with|from|at|of|on|about",
    "event": "after|once|when|as soon as|upon|following|before",
    "noun": (
        "follow-up|sign off|delivery date|lead time|order confirmation|purchase order|mail address|check list|"
        "packing list|run time|pack size|call centre|call center|credit note|price hold|for free|order book|"
        "open points|hold time"
    ),
}
