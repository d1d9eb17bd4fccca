// Everything the pages' behaviour is made of; each module stands on its own and on core.js.
import './theme.js';
import './menus.js';
import './dialogs.js';
import './toasts.js';
// The queue takes a form when field.js has made it whole, and before drafts.js throws anything away at signing out.
import './field.js';
import './phone/queue.js';
import './phone/worker.js';
import './net.js';
import './palette.js';
import './picker.js';
import './figures.js';
import './dates.js';
import './drafts.js';
import './forms.js';
import './paste.js';
import './native.js';
import './table.js';
import './columns.js';
import './cells.js';
import './mentions.js';
import './composer.js';
import './panels.js';
import './over.js';
import './trail.js';
import './quick.js';
import './keys.js';
