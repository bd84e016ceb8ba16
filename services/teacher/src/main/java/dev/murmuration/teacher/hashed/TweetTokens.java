package dev.murmuration.teacher.hashed;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a masked tweet into words (with their {@code #} or {@code @}, inner apostrophes and underscores), runs of punctuation (so
 * that an emoticon or {@code !!!} stays whole) and single other signs such as emoji. Any text has tokens: nothing is refused,
 * lone surrogates and control characters included.
 */
final class TweetTokens {

    private static final String EYES_OF_EMOTICON = ":;=";
    private static final String MOUTHS_OF_EMOTICON = "DPpOoSsd3";
    private static final int FIRST_SIGN_BEYOND_PUNCTUATION = 0x2000;

    private final String text;
    private int at;

    private TweetTokens(String text) {
        this.text = text;
    }

    /** The tokens in the order of the text, in its own case, without white space. */
    static List<String> of(String masked) {
        String text = Typography.plain(masked);
        TweetTokens tokens = new TweetTokens(text);
        List<String> found = new ArrayList<>(text.length() / 4 + 1);
        while (tokens.at < text.length()) {
            int start = tokens.at;
            int sign = text.codePointAt(start);
            tokens.at += Character.charCount(sign);
            if (Character.isWhitespace(sign)) {
                continue;
            }
            if (Character.isLetterOrDigit(sign) || (isSigil(sign) && tokens.isInWord())) {
                tokens.skipWord();
            } else if (sign < FIRST_SIGN_BEYOND_PUNCTUATION) {
                tokens.skipPunctuation();
            }
            found.add(text.substring(start, tokens.at));
        }
        return found;
    }

    private void skipWord() {
        while (at < text.length() && (isInWord() || isInnerApostrophe())) {
            at += Character.charCount(text.codePointAt(at));
        }
    }

    private void skipPunctuation() {
        while (at < text.length() && isPunctuation(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (isMouthAfterEyes()) {
            at++;
        }
    }

    private boolean isInWord() {
        return at < text.length() && (Character.isLetterOrDigit(text.codePointAt(at)) || text.charAt(at) == '_');
    }

    private boolean isInnerApostrophe() {
        return text.charAt(at) == '\'' && at + 1 < text.length() && Character.isLetter(text.codePointAt(at + 1));
    }

    private boolean isMouthAfterEyes() {
        if (at >= text.length() || MOUTHS_OF_EMOTICON.indexOf(text.charAt(at)) < 0) {
            return false;
        }
        int eyes = text.charAt(at - 1) == '-' && at >= 2 ? at - 2 : at - 1;
        boolean isLast = at + 1 == text.length() || !Character.isLetterOrDigit(text.codePointAt(at + 1));
        return isLast && EYES_OF_EMOTICON.indexOf(text.charAt(eyes)) >= 0;
    }

    private static boolean isPunctuation(int sign) {
        return sign < FIRST_SIGN_BEYOND_PUNCTUATION
                && !Character.isWhitespace(sign)
                && !Character.isLetterOrDigit(sign)
                && !isSigil(sign);
    }

    private static boolean isSigil(int sign) {
        return sign == '#' || sign == '@';
    }
}
