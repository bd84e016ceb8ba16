package dev.murmuration.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Elliptic-curve keys in PEM (RFC 7468). */
final class Pem {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    static ECPrivateKey privateKey(Path file) throws IOException, SignatureException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains("BEGIN EC PRIVATE KEY")) {
            throw new SignatureException(
                    "%s: is a key in SEC 1; turn it into PKCS 8 with 'openssl pkcs8 -topk8 -nocrypt -in %s'"
                            .formatted(file, file.getFileName()));
        }
        try {
            return (ECPrivateKey) KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(block(file, text, "PRIVATE KEY")));
        } catch (GeneralSecurityException e) {
            throw new SignatureException(file + ": is not a private key of an elliptic curve", e);
        }
    }

    static ECPublicKey publicKey(Path file) throws IOException, SignatureException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        try {
            return (ECPublicKey) KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(block(file, text, "PUBLIC KEY")));
        } catch (GeneralSecurityException e) {
            throw new SignatureException(file + ": is not a public key of an elliptic curve", e);
        }
    }

    private static byte[] block(Path file, String text, String label) throws SignatureException {
        String begin = "-----BEGIN %s-----".formatted(label);
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END %s-----".formatted(label));
        if (from < 0 || to < from) {
            throw new SignatureException("%s: has no '%s'".formatted(file, begin));
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new SignatureException(file + ": is not whole", e);
        }
    }

    static String of(ECPublicKey key) {
        return of("PUBLIC KEY", key.getEncoded());
    }

    static String of(ECPrivateKey key) {
        return of("PRIVATE KEY", key.getEncoded());
    }

    private static String of(String label, byte[] bytes) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, LINES.encodeToString(bytes), label);
    }
}
