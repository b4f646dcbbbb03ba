package evy.patcher.rewrite;

import org.jspecify.annotations.Nullable;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a set of {@link Replacement}s means for single instructions. */
final class RuleBook {
    private static final String CONSTRUCT = "construct";
    private static final String CONSTRUCTOR = "<init>";

    private final Map<String, ClassDesc> subclasses = new HashMap<>(); // by original
    private final Map<String, Call> calls = new HashMap<>(); // by owner.name(parameters)
    private final Map<String, Call> reads = new HashMap<>(); // by owner.name
    private final Set<String> constructed = new HashSet<>(); // originals with factories
    private final Set<String> inheritable = new HashSet<>(); // name(parameters) of methods
    private final Set<String> names = new HashSet<>(); // of methods

    /**
     * Makes a book.
     *
     * @throws IllegalArgumentException if a substitute does not fit; the message says what is wrong
     */
    RuleBook(Collection<Replacement> replacements) {
        for (Replacement replacement : replacements) {
            if (add(replacement) == 0) {
                throw new IllegalArgumentException(
                        replacement
                                + ": it neither extends the original nor has a public static method"
                                + " that fits one of its");
            }
        }
    }

    /** Returns the number of rules that a replacement makes. */
    private int add(Replacement replacement) {
        int rules = 0;
        Class<?> original = replacement.original();
        Class<?> substitute = replacement.substitute();
        if (!Modifier.isPublic(substitute.getModifiers())) {
            throw new IllegalArgumentException(replacement + ": it is not public");
        }
        if (original.isAssignableFrom(substitute) && original != substitute) {
            requireConstructors(replacement);
            subclasses.put(internalName(original), Call.describe(substitute));
            rules++;
        }
        for (Method method : substitute.getDeclaredMethods()) {
            int modifiers = method.getModifiers();
            if (Modifier.isPublic(modifiers)
                    && Modifier.isStatic(modifiers)
                    && add(replacement, method)) {
                rules++;
            }
        }
        if (constructed.contains(internalName(original))) {
            requireFactories(replacement);
        }
        return rules;
    }

    private void requireFactories(Replacement replacement) {
        for (Constructor<?> wanted : replacement.original().getConstructors()) {
            String parameters = describe(wanted.getParameterTypes());
            if (construction(internalName(replacement.original()), parameters) == null) {
                throw new IllegalArgumentException(
                        replacement + ": it lacks a method construct for " + wanted);
            }
        }
    }

    private static void requireConstructors(Replacement replacement) {
        if (Modifier.isFinal(replacement.substitute().getModifiers())) {
            throw new IllegalArgumentException(
                    replacement + ": it is final, so subclasses of the original cannot extend it");
        }
        for (Constructor<?> wanted : replacement.original().getDeclaredConstructors()) {
            if (isVisible(wanted)) {
                try {
                    Constructor<?> there =
                            replacement
                                    .substitute()
                                    .getDeclaredConstructor(wanted.getParameterTypes());
                    if (isVisible(there)) {
                        continue;
                    }
                } catch (NoSuchMethodException e) {
                    // the same answer as to one that is not visible
                }
                throw new IllegalArgumentException(replacement + ": it lacks " + wanted);
            }
        }
    }

    private static boolean isVisible(Executable member) {
        return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    private boolean add(Replacement replacement, Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        if (addAs(replacement, method, parameters, false)) {
            return true;
        }
        int count = parameters.length;
        if (count == 0) {
            return addRead(replacement, method);
        }
        return parameters[count - 1] == Class.class
                && addAs(replacement, method, Arrays.copyOf(parameters, count - 1), true);
    }

    private boolean addAs(
            Replacement replacement, Method method, Class<?>[] parameters, boolean tellsCaller) {
        Class<?> original = replacement.original();
        Call call = Call.of(method, replacement.onlyGreen(), tellsCaller);
        String name = method.getName();
        if (name.equals(CONSTRUCT) && hasConstructor(original, parameters)) {
            constructed.add(internalName(original));
            calls.put(key(original, CONSTRUCTOR, parameters), call);
            return true;
        }
        if (fits(find(original, name, parameters), method, true)) {
            put(original, name, parameters, call);
            inheritable.add(name + describe(parameters));
            return true;
        }
        if (parameters.length > 0 && parameters[0] == original) {
            Class<?>[] others = Arrays.copyOfRange(parameters, 1, parameters.length);
            if (fits(find(original, name, others), method, false)) {
                put(original, name, others, call);
                inheritable.add(name + describe(others));
                return true;
            }
        }
        return false;
    }

    private void put(Class<?> original, String name, Class<?>[] parameters, Call call) {
        calls.put(key(original, name, parameters), call);
        names.add(name);
    }

    private static String key(Class<?> original, String name, Class<?>... parameters) {
        return internalName(original) + "." + name + describe(parameters);
    }

    private boolean addRead(Replacement replacement, Method method) {
        Class<?> original = replacement.original();
        try {
            Field field = original.getField(method.getName());
            if (Modifier.isStatic(field.getModifiers())
                    && field.getType() == method.getReturnType()) {
                reads.put(
                        internalName(original) + "." + field.getName(),
                        Call.of(method, replacement.onlyGreen(), false));
                return true;
            }
        } catch (NoSuchFieldException e) {
            // a method of the substitute's own
        }
        return false;
    }

    private static boolean hasConstructor(Class<?> original, Class<?>... parameters) {
        return Arrays.stream(original.getDeclaredConstructors())
                .anyMatch(c -> Arrays.equals(c.getParameterTypes(), parameters));
    }

    private static @Nullable Method find(Class<?> type, String name, Class<?>... parameters) {
        try {
            return type.getMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static boolean fits(@Nullable Method wanted, Method method, boolean isStatic) {
        return wanted != null
                && Modifier.isStatic(wanted.getModifiers()) == isStatic
                && wanted.getReturnType().isAssignableFrom(method.getReturnType());
    }

    private static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /** Parameters only: a substitute may return a subtype. */
    private static String describe(Class<?>... parameters) {
        StringBuilder text = new StringBuilder("(");
        for (Class<?> parameter : parameters) {
            text.append(parameter.descriptorString());
        }
        return text.append(')').toString();
    }

    private static String parametersOf(String descriptor) {
        return descriptor.substring(0, descriptor.indexOf(')') + 1);
    }

    /** Whether there is another way to make a class's objects, or to extend it. */
    boolean knowsClass(String internalName) {
        return subclasses.containsKey(internalName) || constructed.contains(internalName);
    }

    /** What to extend in place of a class; null if nothing else. */
    @Nullable ClassDesc subclass(String internalName) {
        return subclasses.get(internalName);
    }

    /** What class to make an object of in place of a class; null if a factory makes it. */
    @Nullable ClassDesc made(String internalName) {
        return constructed.contains(internalName) ? null : subclasses.get(internalName);
    }

    /** What to call in place of a constructor. */
    @Nullable Call construction(String owner, String descriptor) {
        return calls.get(owner + "." + CONSTRUCTOR + parametersOf(descriptor));
    }

    /** What to call in place of reading a static field. */
    @Nullable Call read(String owner, String name) {
        return reads.get(owner + "." + name);
    }

    /** What to call in place of a method, also if it is named as one of a subclass. */
    @Nullable Call call(String owner, String name, String descriptor, Hierarchy hierarchy) {
        if (!names.contains(name)) {
            return null;
        }
        String member = name + parametersOf(descriptor);
        Call call = calls.get(owner + "." + member);
        if (call != null || !inheritable.contains(member)) {
            return call;
        }
        String type = hierarchy.superclass(owner);
        while (type != null && call == null) {
            call = calls.get(type + "." + member);
            type = hierarchy.superclass(type);
        }
        return call;
    }
}
