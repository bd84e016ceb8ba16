package dev.murmuration.stage.text;

/** Text in a page. */
public final class Html {

    private Html() {}

    /** The same text as content or as the value of a quoted attribute, with control characters shown. */
    public static String escaped(String text) {
        return Printable.of(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
