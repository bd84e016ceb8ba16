package dev.murmuration.canonical;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Classes as Quarkus 3.33 generates them: a recorded step that makes a collection of entries and hands it on, one that finds it,
 * the shared configuration and the class that uses it.
 *
 * @param key the number under which the collection is handed on
 * @param collection its class
 * @param elements the keys of its entries in the order in which they are added
 * @param mappings the configuration's types in the order in which they are met, each with its own name in lower case as prefix
 */
record GeneratedJar(int key, Class<?> collection, List<String> elements, List<Class<?>> mappings) {

    private static final String RECORDED = "io/quarkus/runner/recorded/";
    private static final String SHARED = "io/quarkus/runtime/generated/SharedConfig";
    private static final String CUSTOMIZER = "io/quarkus/runtime/generated/RunTimeConfigCustomizer";
    private static final String CONFIG = "io/quarkus/runtime/configuration/AbstractConfigBuilder";
    private static final String CONFIG_CLASS = "Lio/smallrye/config/ConfigMappings$ConfigClass;";
    private static final String BUILDER = "Lio/smallrye/config/SmallRyeConfigBuilder;";
    private static final String CONTEXT = "io/quarkus/runtime/StartupContext";

    Path write(Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            add(zip, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8));
            add(zip, RECORDED + "Finding.class", finding());
            add(zip, RECORDED + "Making.class", making());
            add(zip, CUSTOMIZER + ".class", customizer());
            add(zip, SHARED + ".class", shared());
        }
        return jar;
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(2026, 11, 22, 0, 0));
        zip.putNextEntry(entry);
        zip.write(bytes);
    }

    private byte[] making() {
        ClassWriter type = type(RECORDED + "Making", "java/lang/Object", "io/quarkus/runtime/StartupTask");
        MethodVisitor code = method(type, Opcodes.ACC_PUBLIC, "deploy", "(L" + CONTEXT + ";)V");
        String made = collection.getName().replace('.', '/');
        construct(code, made, "()V");
        code.visitVarInsn(Opcodes.ASTORE, 2);
        for (int at = 0; at < elements.size(); at++) {
            int value = 3 + 2 * at;
            int entry = value + 1;
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC, "java/util/Collections", "emptyList", "()Ljava/util/List;", false);
            code.visitVarInsn(Opcodes.ASTORE, value);
            code.visitTypeInsn(Opcodes.NEW, "java/util/AbstractMap$SimpleEntry");
            code.visitInsn(Opcodes.DUP);
            code.visitLdcInsn(elements.get(at));
            code.visitVarInsn(Opcodes.ALOAD, value);
            code.visitMethodInsn(
                    Opcodes.INVOKESPECIAL,
                    "java/util/AbstractMap$SimpleEntry",
                    "<init>",
                    "(Ljava/lang/Object;Ljava/lang/Object;)V",
                    false);
            code.visitVarInsn(Opcodes.ASTORE, entry);
            code.visitVarInsn(Opcodes.ALOAD, 2);
            code.visitTypeInsn(Opcodes.CHECKCAST, "java/util/Collection");
            code.visitVarInsn(Opcodes.ALOAD, entry);
            code.visitMethodInsn(Opcodes.INVOKEINTERFACE, "java/util/Collection", "add", "(Ljava/lang/Object;)Z", true);
            code.visitInsn(Opcodes.POP);
        }
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitLdcInsn("proxykey" + key);
        code.visitVarInsn(Opcodes.ALOAD, 2);
        put(code);
        return end(type, code);
    }

    private byte[] finding() {
        ClassWriter type = type(RECORDED + "Finding", "java/lang/Object", "io/quarkus/runtime/StartupTask");
        MethodVisitor code = method(type, Opcodes.ACC_PUBLIC, "deploy", "(L" + CONTEXT + ";)V");
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitLdcInsn("found");
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitLdcInsn("proxykey" + key);
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, CONTEXT, "getValue", "(Ljava/lang/String;)Ljava/lang/Object;", false);
        put(code);
        return end(type, code);
    }

    private byte[] shared() {
        ClassWriter type = type(SHARED, CONFIG);
        MethodVisitor code = method(type, Opcodes.ACC_STATIC, "<clinit>", "()V");
        for (int at = 0; at < mappings.size(); at++) {
            type.visitField(Opcodes.ACC_STATIC, "configClass$" + at, CONFIG_CLASS, null, null);
            String name = mappings.get(at).getName();
            code.visitLdcInsn(name);
            code.visitLdcInsn(mappings.get(at).getSimpleName().toLowerCase(Locale.ROOT));
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    CONFIG,
                    "configClass",
                    "(Ljava/lang/String;Ljava/lang/String;)" + CONFIG_CLASS,
                    false);
            code.visitFieldInsn(Opcodes.PUTSTATIC, SHARED, "configClass$" + at, CONFIG_CLASS);
            code.visitLdcInsn(name);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, CONFIG, "ensureLoaded", "(Ljava/lang/String;)V", false);
        }
        return end(type, code);
    }

    private byte[] customizer() {
        ClassWriter type = type(CUSTOMIZER, CONFIG, "io/smallrye/config/SmallRyeConfigBuilderCustomizer");
        MethodVisitor code = method(type, Opcodes.ACC_PUBLIC, "configBuilder", "(" + BUILDER + ")V");
        for (int at = 0; at < mappings.size(); at++) {
            code.visitFieldInsn(Opcodes.GETSTATIC, SHARED, "configClass$" + at, CONFIG_CLASS);
            code.visitVarInsn(Opcodes.ASTORE, 2 + at);
            code.visitVarInsn(Opcodes.ALOAD, 1);
            code.visitVarInsn(Opcodes.ALOAD, 2 + at);
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC, CONFIG, "withMapping", "(" + BUILDER + CONFIG_CLASS + ")V", false);
        }
        return end(type, code);
    }

    private static void put(MethodVisitor code) {
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, CONTEXT, "putValue", "(Ljava/lang/String;Ljava/lang/Object;)V", false);
    }

    private static void construct(MethodVisitor code, String type, String arguments) {
        code.visitTypeInsn(Opcodes.NEW, type);
        code.visitInsn(Opcodes.DUP);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, type, "<init>", arguments, false);
    }

    private static ClassWriter type(String name, String parent, String... interfaces) {
        ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        type.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, parent, interfaces);
        MethodVisitor code = type.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, parent, "<init>", "()V", false);
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        return type;
    }

    private static MethodVisitor method(ClassWriter type, int access, String name, String arguments) {
        MethodVisitor code = type.visitMethod(access, name, arguments, null, null);
        code.visitCode();
        return code;
    }

    private static byte[] end(ClassWriter type, MethodVisitor code) {
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        type.visitEnd();
        return type.toByteArray();
    }
}
