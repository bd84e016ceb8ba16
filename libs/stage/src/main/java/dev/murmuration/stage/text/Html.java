package dev.murmuration.stage.text;

/** Escapes text for HTML. */
public final class Html {

    private Html() {}

    /** Returns the text escaped for use as content or as a quoted attribute value, with control characters made visible. */
    public static String escaped(String text) {
        return Printable.of(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
