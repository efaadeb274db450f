import type { Theme } from '../state/theme';
import { words } from '../words';

export const themeNames: Record<Theme, string> = { system: words.themeSystem, light: words.themeLight, dark: words.themeDark };
