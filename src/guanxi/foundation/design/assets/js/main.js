// Everything the pages' behaviour is made of; each module stands on its own and on core.js.
import './theme.js';
import './menus.js';
import './dialogs.js';
import './toasts.js';
import './net.js';
import './palette.js';
import './picker.js';
import './drafts.js';
import './forms.js';
import './table.js';
import './columns.js';
import './cells.js';
import './mentions.js';
import './panels.js';
import './over.js';
import './trail.js';
import './keys.js';
