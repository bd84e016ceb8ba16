package dev.murmuration.teacher.model;

/**
 * A tweet's text as the teacher saw it in training: tokens between single spaces that name a user become {@code @user}, those
 * that begin with {@code http} become {@code http}, everything else stays as it is (Serra et al., ECAI 2023, and the card of
 * twitter-roberta-base-sentiment-latest).
 */
public final class TweetText {

    private static final String USER = "@user";
    private static final String LINK = "http";

    private TweetText() {}

    /** The text with users and links masked. A lone {@code @} stays; two spaces in a row stay two. */
    public static String masked(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int start = 0;
        while (true) {
            int space = text.indexOf(' ', start);
            int end = space < 0 ? text.length() : space;
            append(out, text, start, end);
            if (space < 0) {
                return out.toString();
            }
            out.append(' ');
            start = space + 1;
        }
    }

    /** At most {@code limit} UTF-16 units from the beginning, never half of a surrogate pair. */
    public static String limited(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        boolean splitsPair = limit > 0
                && Character.isHighSurrogate(text.charAt(limit - 1))
                && Character.isLowSurrogate(text.charAt(limit));
        return text.substring(0, splitsPair ? limit - 1 : limit);
    }

    private static void append(StringBuilder out, String text, int start, int end) {
        if (end - start > 1 && text.charAt(start) == '@') {
            out.append(USER);
        } else if (end - start >= LINK.length() && text.startsWith(LINK, start)) {
            out.append(LINK);
        } else {
            out.append(text, start, end);
        }
    }
}
