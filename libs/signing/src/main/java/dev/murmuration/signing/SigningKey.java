package dev.murmuration.signing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;

/** Two files of PEM: a private key of the curve P-256, P-384 or P-521 and, beside it with {@code .pub} at its end, the public one. */
public final class SigningKey {

    private final ECPrivateKey privateKey;
    private final ECPublicKey publicKey;

    private SigningKey(ECPrivateKey privateKey, ECPublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * Reads a pair.
     *
     * @param file the private key, PKCS 8 without a password
     * @throws SignatureException if one of the two is no such key, or they are no pair
     */
    public static SigningKey read(Path file) throws IOException, SignatureException {
        SigningKey key = new SigningKey(Pem.privateKey(file), Pem.publicKey(publicFile(file)));
        byte[] trial = key.sign(new byte[1]);
        if (!isSigned(key.publicKey, new byte[1], trial)) {
            throw new SignatureException("%s is not the public key of %s".formatted(publicFile(file), file));
        }
        return key;
    }

    /** Makes a pair of the curve P-256. The private key's file is for its owner alone. */
    public static void make(Path file) throws IOException, SignatureException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Pem.of((ECPrivateKey) pair.getPrivate()), StandardCharsets.US_ASCII);
            Files.writeString(publicFile(file), Pem.of((ECPublicKey) pair.getPublic()), StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw new SignatureException("no key can be made", e);
        }
    }

    /** Where the public key of a private key's file is. */
    public static Path publicFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".pub");
    }

    ECPublicKey publicKey() {
        return publicKey;
    }

    byte[] sign(byte[] message) throws SignatureException {
        try {
            Signature signature = Signature.getInstance(algorithm(privateKey));
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new SignatureException("the key cannot sign", e);
        }
    }

    /** Whether a signature is of this message and by the private key of this one. */
    static boolean isSigned(ECPublicKey key, byte[] message, byte[] signed) throws SignatureException {
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (java.security.SignatureException e) {
            return false; // It is not a signature at all.
        } catch (GeneralSecurityException e) {
            throw new SignatureException("the key cannot verify", e);
        }
    }

    /** The hash goes with the size of the curve, as in Sigstore. */
    private static String algorithm(ECKey key) throws SignatureException {
        BigInteger order = key.getParams().getOrder();
        return switch (order.bitLength()) {
            case 256 -> "SHA256withECDSA";
            case 384 -> "SHA384withECDSA";
            case 521 -> "SHA512withECDSA";
            default ->
                throw new SignatureException(
                        "a curve of %d bits is not one of P-256, P-384 and P-521".formatted(order.bitLength()));
        };
    }
}
