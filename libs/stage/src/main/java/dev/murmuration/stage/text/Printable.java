package dev.murmuration.stage.text;

/**
 * Makes control characters visible instead of sending them: to a terminal they are commands, and in a page they change the reading order.
 */
public final class Printable {

    private static final char CONTROL_PICTURES = '\u2400';
    private static final char DELETE_PICTURE = '\u2421';
    private static final char REPLACEMENT = '\ufffd';

    private Printable() {}

    /**
     * Returns the text with the control picture in place of each control character (U+2400 to U+2421; a line break is U+240A), and U+FFFD
     * in place of control characters without a picture, marks that reverse the direction of writing, and lone surrogates.
     */
    public static String of(String text) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            char picture = picture(c);
            if (picture != c) {
                shown = shown == null ? new StringBuilder(text) : shown;
                shown.setCharAt(i, picture);
            }
        }
        return shown == null ? text : shown.toString();
    }

    private static char picture(char c) {
        if (c < ' ') {
            return (char) (CONTROL_PICTURES + c);
        }
        if (c == '\u007f') {
            return DELETE_PICTURE;
        }
        boolean isHidden = (c >= '\u0080' && c <= '\u009f')
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\u200e'
                || c == '\u200f'
                || Character.isSurrogate(c);
        return isHidden ? REPLACEMENT : c;
    }
}
