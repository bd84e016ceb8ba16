package dev.murmuration.filter.dataset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of texts. */
final class Sha256 {

    /** Copied for each text: to ask for one by its name takes as long as to hash a tweet's id. */
    private static final MessageDigest FRESH = fresh();

    private Sha256() {}

    /** 32 bytes: the hash of the text's UTF-8. */
    static byte[] of(String text) {
        try {
            MessageDigest digest = (MessageDigest) FRESH.clone();
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", impossible);
        }
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
