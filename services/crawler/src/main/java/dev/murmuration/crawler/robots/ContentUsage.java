package dev.murmuration.crawler.robots;

import java.util.List;
import org.greenbytes.http.sfv.Dictionary;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.TokenItem;

/**
 * Usage preferences, in the header {@code Content-Usage} or in a rule of that name in robots.txt (IETF drafts
 * draft-ietf-aipref-vocab-08 and draft-ietf-aipref-attach-05): a structured dictionary such as {@code train-ai=n, search=y}.
 */
public final class ContentUsage {

    private ContentUsage() {}

    /**
     * Whether the preferences disallow our use. What cannot be parsed says nothing, as the draft has it.
     *
     * @param field all values of the field, joined by commas
     * @param labels labels of the categories that our use is in, the most specific first: the first one that has a preference decides
     */
    public static boolean disallows(String field, List<String> labels) {
        Dictionary preferences;
        try {
            preferences = Parser.parseDictionary(field);
        } catch (IllegalArgumentException e) {
            return false;
        }
        for (String label : labels) {
            ListElement<?> value = preferences.get().get(label);
            if (value instanceof TokenItem token && token.get().equals("n")) {
                return true;
            }
            if (value instanceof TokenItem token && token.get().equals("y")) {
                return false;
            }
        }
        return false;
    }
}
