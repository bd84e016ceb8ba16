package dev.murmuration.simulator;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a photo in a simulated post: {@code simulator:<kind>/<scene>/<index>}.
 *
 * @param kind what is found there
 * @param scene what it shows
 * @param index among the photos of that scene
 */
public record SimulatedPhoto(Kind kind, long scene, int index) {

    /** What an address leads to. */
    public enum Kind {
        /** A photo as it was taken. */
        PHOTO,
        /** The same scene, smaller and encoded anew: a near duplicate. */
        COPY,
        /** Nothing. */
        MISSING,
        /** A photo that breaks off. */
        CUT,
        /** A few bytes that claim to be 900 megapixels. */
        BOMB,
        /** An icon. */
        ICON,
        /** A web page instead of a photo. */
        PAGE
    }

    private static final Pattern URL = Pattern.compile("simulator:([a-z]+)/(\\d{1,18})/(\\d)");

    /**
     * Reads an address; empty if it has another form.
     *
     * @throws IllegalArgumentException if the form is right and the kind is unknown
     */
    public static Optional<SimulatedPhoto> parse(String url) {
        Matcher matcher = URL.matcher(url);
        return matcher.matches()
                ? Optional.of(new SimulatedPhoto(
                        Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                        Long.parseLong(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** The address as a post has it. */
    public String url() {
        return "simulator:%s/%d/%d".formatted(kind.name().toLowerCase(Locale.ROOT), scene, index);
    }
}
