// In this order: what comes later may build on what comes before.
import './tokens.css';
import './base.css';
import './controls.css';
import './layout.css';
import './sidebar.css';
import './transcript.css';
import './answer.css';
import './composer.css';
import './last.css';
