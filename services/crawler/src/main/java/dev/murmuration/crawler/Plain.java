package dev.murmuration.crawler;

/** Text from outside as it may stand in a rejection: short and without control characters. */
final class Plain {

    private static final int LONGEST = 300;

    private Plain() {}

    static String of(String text) {
        String shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "�");
    }
}
