package dev.murmuration.crawler.examine;

/**
 * Counts words as the paper's crawler did: runs of what Python's {@code re} calls {@code \w}, which is letters, everything with a
 * numeric value, and underscore. Java's {@code (?U)\w} also takes marks, connectors and joiners and leaves out numbers such as ½
 * or Ⅳ.
 */
final class Words {

    private Words() {}

    /** How many maximal runs of word characters the text has. */
    static int count(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            boolean word = isWord(codePoint);
            if (word && !inside) {
                words++;
            }
            inside = word;
            i += Character.charCount(codePoint);
        }
        return words;
    }

    static boolean isWord(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> true;
            default -> codePoint == '_';
        };
    }
}
