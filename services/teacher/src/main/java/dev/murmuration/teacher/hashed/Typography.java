package dev.murmuration.teacher.hashed;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes a text's characters in one way where feeds write them in several: entities of HTML, escapes of JSON, curly and doubled quotes. */
final class Typography {

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private Typography() {}

    static String plain(String text) {
        String plain = text;
        if (plain.indexOf('&') >= 0) {
            plain = plain.replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&");
        }
        if (plain.contains("\\u")) {
            plain = ESCAPE.matcher(plain).replaceAll(Typography::unescaped);
        }
        return plain.replace('\u2018', '\'')
                .replace('\u2019', '\'')
                .replace('\u201c', '"')
                .replace('\u201d', '"')
                .replace("\"\"", "\"");
    }

    private static String unescaped(MatchResult escape) {
        return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16)));
    }
}
