package dev.murmuration.canonical;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The statements of a method without branches. A statement begins where the operand stack is empty and takes with it those before
 * it that only compute what it uses: {@code set.add(new Property("a"))} is one, however many local variables it goes through.
 * Some kinds of statements may change places with their like ({@link #kind}); such a row is put in the order of its texts.
 */
final class Statements {

    private static final String CONFIG = "io/quarkus/runtime/configuration/AbstractConfigBuilder";
    /** The receiver, the cast, the element, the call and what drops its result. */
    private static final int ADD = 5;

    private final MethodNode method;
    private final Map<Integer, Integer> stores = new HashMap<>();
    private final Map<Integer, Integer> loads = new HashMap<>();
    private final Set<Integer> hashSets = new HashSet<>();

    private Statements(MethodNode method) {
        this.method = method;
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof VarInsnNode local) {
                (local.getOpcode() == Opcodes.ASTORE ? stores : loads).merge(local.var, 1, Integer::sum);
                if (local.getOpcode() == Opcodes.ASTORE && isNewHashSet(local.getPrevious())) {
                    hashSets.add(local.var);
                }
            }
        }
    }

    static void sort(String owner, MethodNode method) {
        // Labels and frames have no opcode: where there are some, something may jump.
        boolean straight = method.tryCatchBlocks.isEmpty()
                && Stream.of(method.instructions.toArray()).allMatch(node -> node.getOpcode() >= 0);
        if (straight) {
            new Statements(method).sort(owner);
        }
    }

    private void sort(String owner) {
        List<List<AbstractInsnNode>> row = new ArrayList<>();
        String kind = null;
        for (List<AbstractInsnNode> statement : split(owner)) {
            String next = kind(statement);
            if (next == null || !next.equals(kind)) {
                sort(row);
                row.clear();
            }
            kind = next;
            row.add(statement);
        }
    }

    private List<List<AbstractInsnNode>> split(String owner) {
        Frame<BasicValue>[] frames = analyze(owner);
        List<List<AbstractInsnNode>> statements = new ArrayList<>();
        List<AbstractInsnNode> statement = new ArrayList<>();
        for (int at = 0; at < frames.length; at++) {
            statement.add(method.instructions.get(at));
            boolean complete = at + 1 == frames.length || frames[at + 1].getStackSize() == 0;
            if (complete) {
                while (!statements.isEmpty() && isOnlyFor(statements.getLast(), statement)) {
                    statement.addAll(0, statements.removeLast());
                }
                statements.add(statement);
                statement = new ArrayList<>();
            }
        }
        return statements;
    }

    private Frame<BasicValue>[] analyze(String owner) {
        try {
            return new Analyzer<>(new BasicInterpreter()).analyze(owner, method);
        } catch (AnalyzerException broken) {
            throw new IllegalArgumentException(owner + '.' + method.name + " is not valid code", broken);
        }
    }

    /** Whether the first ends by setting a local variable that nobody but the second reads. */
    private boolean isOnlyFor(List<AbstractInsnNode> first, List<AbstractInsnNode> second) {
        return first.getLast() instanceof VarInsnNode set
                && set.getOpcode() == Opcodes.ASTORE
                && stores.getOrDefault(set.var, 0) == 1
                && loads.getOrDefault(set.var, 0) == 1
                && second.stream()
                        .anyMatch(node -> node instanceof VarInsnNode read
                                && read.getOpcode() == Opcodes.ALOAD
                                && read.var == set.var);
    }

    /** Statements of one kind that stand in a row may change places. Null: may not. */
    private @Nullable String kind(List<AbstractInsnNode> statement) {
        AbstractInsnNode last = statement.getLast();
        if (last.getOpcode() == Opcodes.POP && statement.size() >= ADD) {
            return last.getPrevious() instanceof MethodInsnNode call
                            && call.name.equals("add")
                            && call.owner.equals("java/util/Collection")
                            && statement.get(statement.size() - ADD) instanceof VarInsnNode set
                            && hashSets.contains(set.var)
                            && stores.getOrDefault(set.var, 0) == 1
                    ? "an element of " + set.var
                    : null;
        }
        // Which class is loaded first does not matter.
        if (isConfig(last, "ensureLoaded")
                || (last.getOpcode() == Opcodes.PUTSTATIC && isConfig(last.getPrevious(), "configClass"))) {
            return "a configuration class";
        }
        // SmallRye Config keeps them in a set, and Quarkus walks another one to add them.
        return isConfig(last, "withMapping") ? "a mapping" : null;
    }

    private static boolean isConfig(AbstractInsnNode node, String name) {
        return node instanceof MethodInsnNode call && call.owner.equals(CONFIG) && call.name.equals(name);
    }

    private static boolean isNewHashSet(AbstractInsnNode node) {
        return node instanceof MethodInsnNode call
                && call.owner.equals("java/util/HashSet")
                && call.name.equals("<init>");
    }

    private void sort(List<List<AbstractInsnNode>> row) {
        if (row.size() < 2) {
            return;
        }
        AbstractInsnNode after = row.getLast().getLast().getNext();
        row.forEach(statement -> statement.forEach(method.instructions::remove));
        row.sort(Comparator.comparing(Statements::text));
        List<AbstractInsnNode> sorted = row.stream().flatMap(List::stream).toList();
        numberLocals(sorted);
        sorted.forEach(node -> method.instructions.insertBefore(after, node));
    }

    /** Local variables are numbered in the order in which they are set. */
    private static void numberLocals(List<AbstractInsnNode> sorted) {
        List<Integer> met = sorted.stream().flatMap(Statements::set).toList();
        List<Integer> numbers = met.stream().sorted().toList();
        for (AbstractInsnNode node : sorted) {
            if (node instanceof VarInsnNode local && met.contains(local.var)) {
                local.var = numbers.get(met.indexOf(local.var));
            }
        }
    }

    private static Stream<Integer> set(AbstractInsnNode node) {
        return node instanceof VarInsnNode local && local.getOpcode() == Opcodes.ASTORE
                ? Stream.of(local.var)
                : Stream.empty();
    }

    /** What a statement does, without the numbers that are given anew. */
    private static String text(List<AbstractInsnNode> statement) {
        List<Integer> own = statement.stream().flatMap(Statements::set).toList();
        StringBuilder text = new StringBuilder();
        for (AbstractInsnNode node : statement) {
            String operand =
                    switch (node) {
                        case LdcInsnNode constant -> constant.cst.toString().replaceAll("^proxykey\\d+$", "proxykey");
                        case VarInsnNode local -> own.contains(local.var) ? "" : String.valueOf(local.var);
                        case FieldInsnNode field -> field.getOpcode() == Opcodes.PUTSTATIC ? "" : field.name;
                        case MethodInsnNode call -> call.owner + '.' + call.name + call.desc;
                        case TypeInsnNode type -> type.desc;
                        case IntInsnNode number -> String.valueOf(number.operand);
                        default -> "";
                    };
            text.append(node.getOpcode()).append(' ').append(operand).append('\n');
        }
        return text.toString();
    }
}
