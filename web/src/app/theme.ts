// How the page looks: one accent, the system's fonts, contrast that WCAG 2.2 AA asks for in light and dark.

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const gate: MantineColorsTuple = [
  '#effcf9',
  '#d3f5ee',
  '#a6ebde',
  '#6fd9c9',
  '#3dbfae',
  '#1fa394',
  '#128277',
  '#0f6f66',
  '#115953',
  '#134a45',
];

/** Mantine's own is below 4.5:1 on white. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8f8f',
  '#e03131',
  '#c92a2a',
  '#c02626',
  '#a82020',
  '#8f1a1a',
];

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
const MONO = 'ui-monospace, "SF Mono", "Cascadia Code", "Liberation Mono", Menlo, Consolas, monospace';

/** The theme. */
export const theme = createTheme({
  colors: { gate, red },
  primaryColor: 'gate',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: FONT,
  fontFamilyMonospace: MONO,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontFamily: FONT,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: {
      styles: { title: { fontSize: '1.125rem', fontWeight: 650 } },
      defaultProps: {
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: {
      defaultProps: {
        transitionProps: { duration: 150 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', transitionProps: { duration: 100 } } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
    TextInput: { defaultProps: { autoCapitalize: 'none', spellCheck: false } },
  },
});

/** Colours that Mantine's own defaults leave below 4.5:1, and the page's surfaces. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#56606a',
    '--mantine-color-placeholder': '#6b7580',
    '--mantine-color-error': '#c02626',
    '--mantine-color-anchor': '#0f6f66',
    '--page-ground': '#f6f8f8',
    '--page-surface': '#ffffff',
    '--page-line': '#dde3e3',
    '--page-line-strong': '#8a9696',
    '--page-accent': '#0f6f66',
    '--page-accent-soft': '#e3f4f1',
    '--page-warning': '#8a5300',
    '--page-good': '#1b6e35',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adb0',
    '--mantine-color-placeholder': '#8b9699',
    '--mantine-color-error': '#ff8f8f',
    '--mantine-color-anchor': '#6fd9c9',
    '--mantine-color-body': '#141819',
    '--page-ground': '#0f1213',
    '--page-surface': '#171b1c',
    '--page-line': '#2b3234',
    '--page-line-strong': '#6d7a7d',
    '--page-accent': '#6fd9c9',
    '--page-accent-soft': '#143430',
    '--page-warning': '#f2b861',
    '--page-good': '#7fd59a',
  },
});
