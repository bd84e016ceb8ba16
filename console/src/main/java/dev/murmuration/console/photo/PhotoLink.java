package dev.murmuration.console.photo;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of photos: the hash, from which the key in the object store follows but for the ending. */
public final class PhotoLink {

    private static final Pattern KEY = Pattern.compile("images/([0-9a-f]{2})/(\\1[0-9a-f]{62})\\.([a-z]{3,4})");
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([a-z]{3,4})");

    private PhotoLink() {}

    /** The address of the photo with this object key; empty if that is not a photo's key. */
    public static String of(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? "/photos/" + matcher.group(2) + "." + matcher.group(3) : "";
    }

    /** The object key for the last part of such an address; empty if that is not one. */
    public static Optional<String> key(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of("images/%s/%s".formatted(matcher.group(1).substring(0, 2), name))
                : Optional.empty();
    }

    /** The hash in the last part of such an address, which {@link #key} accepts. */
    public static String sha256(String name) {
        return name.substring(0, 64);
    }
}
