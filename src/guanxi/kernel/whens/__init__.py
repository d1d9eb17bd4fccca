"""Days and times as people write them in running text, Chinese and English: 下周三下午三点前, by EOD Friday.

::

    find_whens("下周三下午三点前发报价", date(2026, 11, 24))[0]  →  day 2026-12-02, at 15:00, the place it stands in

days       what a name of a day means: weeks from Monday, quarters, festivals, working days
said       what is handed back, and the pieces of which it is put together
chinese    the Chinese ways to say a day; english  the English ones
finding    pieces in their order, put together: day, part of the day, time, before or within

What is read which way: a bare weekday is the coming one, today included; 下周三 and "next Wednesday" stand in the next
calendar week, Monday first. A period is due on its last day, a week on its Friday; before a period is the day before
its first. The working calendar is China's where no other is given. A part of a day (下午, 下班前, EOD) is no time;
noon is. One to six o'clock without more is in the afternoon.
"""

from guanxi.kernel.whens.finding import find_whens, level
from guanxi.kernel.whens.said import When

__all__ = ["When", "find_whens", "level"]
