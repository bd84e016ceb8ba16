package dev.murmuration.crawler.examine;

/** Text from outside as it may stand in a rejection: short, without control characters and without halves of surrogate pairs. */
public final class Plain {

    private static final int LONGEST = 300;

    private Plain() {}

    /** Returns the text in this form. */
    public static String of(String text) {
        int end = Math.min(text.length(), LONGEST);
        boolean splitsAPair = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        String shortened = end == text.length() ? text : text.substring(0, splitsAPair ? end - 1 : end) + "…";
        return shortened.replaceAll("[\\p{Cntrl}\\p{Cs}]", "�");
    }
}
