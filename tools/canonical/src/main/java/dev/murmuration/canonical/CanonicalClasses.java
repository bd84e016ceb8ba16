package dev.murmuration.canonical;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What differs between two builds: the order in which a hash set without stable hashes was walked, and two kinds of numbers that
 * were given in the order of arrival: the keys under which what one recorded step returns is found by another
 * ({@code proxykey12}), and the shared fields of the configuration classes ({@code configClass$3}). Statements are put in the
 * order of their texts, then the numbers are given anew in the order of appearance.
 */
final class CanonicalClasses {

    private static final String SHARED = "io/quarkus/runtime/generated/SharedConfig";
    private static final Pattern KEY = Pattern.compile("proxykey\\d+");
    private static final Pattern FIELD = Pattern.compile("configClass\\$\\d+");

    private CanonicalClasses() {}

    /** @param classes all classes that share keys and fields, in an order that does not depend on those */
    static void settle(List<ClassNode> classes) {
        classes.stream().filter(type -> type.name.equals(SHARED)).forEach(CanonicalClasses::sort);
        numberFields(classes);
        classes.forEach(CanonicalClasses::sort);
        numberKeys(classes);
    }

    private static void sort(ClassNode type) {
        type.methods.forEach(method -> Statements.sort(type.name, method));
    }

    /** By the order in which they are first set; the declarations keep theirs, as all have one type. */
    private static void numberFields(List<ClassNode> classes) {
        Map<String, String> numbers = new HashMap<>();
        for (ClassNode type : classes) {
            for (FieldInsnNode field : instructions(type, FieldInsnNode.class)) {
                if (field.getOpcode() == Opcodes.PUTSTATIC && isNumbered(field)) {
                    numbers.putIfAbsent(field.name, "configClass$" + numbers.size());
                }
            }
        }
        for (ClassNode type : classes) {
            for (FieldInsnNode field : instructions(type, FieldInsnNode.class)) {
                if (isNumbered(field)) {
                    field.name = numbers.getOrDefault(field.name, field.name);
                }
            }
        }
    }

    private static boolean isNumbered(FieldInsnNode field) {
        return field.owner.equals(SHARED) && FIELD.matcher(field.name).matches();
    }

    private static void numberKeys(List<ClassNode> classes) {
        Map<String, String> numbers = new HashMap<>();
        for (ClassNode type : classes) {
            for (LdcInsnNode constant : instructions(type, LdcInsnNode.class)) {
                if (constant.cst instanceof String key && KEY.matcher(key).matches()) {
                    constant.cst = numbers.computeIfAbsent(key, first -> "proxykey" + (numbers.size() + 1));
                }
            }
        }
    }

    private static <T extends AbstractInsnNode> List<T> instructions(ClassNode type, Class<T> kind) {
        return type.methods.stream()
                .<AbstractInsnNode>mapMulti(
                        (MethodNode method, Consumer<AbstractInsnNode> next) -> method.instructions.forEach(next))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
