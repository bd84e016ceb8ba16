package dev.murmuration.schemas;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Authors are in events only as the first 128 bits of HMAC-SHA256 under a salt that stays with the operator: nobody who reads the
 * topics can try all ids.
 */
public final class AuthorHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final SecretKeySpec salt;

    /** Hashes with this secret salt. */
    public AuthorHash(String salt) {
        this.salt = new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** 32 hex digits; empty for an empty id. The source is part of it, since ids of different networks may be equal. */
    public String of(String source, String authorId) {
        if (authorId.isEmpty()) {
            return "";
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(salt);
            byte[] hash = mac.doFinal((source + "\n" + authorId).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
