package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import javax.lang.model.SourceVersion;

/**
 * The live objects of a program that a session knows by name.
 *
 * <p>Each is a variable of the most exact type that a snippet can name: the object's class if it is
 * public, in an exported and named package, and found on the class path; else the nearest such
 * superclass; else, rather than {@code Object}, an interface. Type parameters, which an object does
 * not know of itself, become {@code Object}.
 */
public final class Bindings {
    private Bindings() {}

    /**
     * The object that a name stands for in the session that asks. Called by the declarations a
     * session begins with; of use to look at an object again after its variable was assigned to.
     *
     * @param name as given to {@link Backdoor#serve}
     * @return the object; null if there is none, or outside a session
     */
    public static @Nullable Object get(String name) {
        var loader = Thread.currentThread().getContextClassLoader();
        return loader instanceof SnippetLoader snippets ? snippets.binding(name) : null;
    }

    /** Refuses names that no variable can have. */
    static void check(Map<String, ?> bindings) {
        for (var name : bindings.keySet()) {
            if (!SourceVersion.isIdentifier(name) || SourceVersion.isKeyword(name)) {
                throw new IllegalArgumentException(
                        "binding '" + name + "': its name must be one for a Java variable");
            }
        }
    }

    /**
     * Declarations of a variable that holds an object, the best first; the last always compiles.
     */
    static List<String> declarations(String name, @Nullable Object value, ClassLoader loader) {
        return types(value, loader).stream()
                .map(
                        type ->
                                "%s %s = (%s) %s.get(\"%s\");"
                                        .formatted(
                                                type, name, type, Bindings.class.getName(), name))
                .toList();
    }

    static List<String> types(@Nullable Object value, ClassLoader loader) {
        List<String> types = new ArrayList<>();
        if (value != null) {
            var dimensions = 0;
            Class<?> type = value.getClass();
            for (var part = type.componentType(); part != null; part = part.componentType()) {
                dimensions++;
                type = part;
            }
            for (var candidate : nearest(type, loader)) {
                types.add(source(candidate) + "[]".repeat(dimensions));
            }
            if (dimensions > 0 && !type.isPrimitive()) {
                types.add("Object" + "[]".repeat(dimensions));
            }
        }
        types.add("Object");
        return types;
    }

    /** The class or superclasses, but Object; then the interfaces. */
    private static List<Class<?>> nearest(Class<?> type, ClassLoader loader) {
        List<Class<?>> found = new ArrayList<>();
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            found.add(c);
            addInterfaces(c, interfaces);
        }
        found.addAll(interfaces);
        found.removeIf(c -> !isNameable(c, loader));
        return found;
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
        for (var parent : type.getInterfaces()) {
            interfaces.add(parent);
            addInterfaces(parent, interfaces);
        }
    }

    private static boolean isNameable(Class<?> type, ClassLoader loader) {
        if (type.isPrimitive()) {
            return true;
        }
        if (type.getCanonicalName() == null || type.isHidden() || type.getPackageName().isEmpty()) {
            return false;
        }
        for (Class<?> c = type; c != null; c = c.getEnclosingClass()) {
            if (!Modifier.isPublic(c.getModifiers())) {
                return false;
            }
        }
        return type.getModule().isExported(type.getPackageName()) && isSeen(type, loader);
    }

    private static boolean isSeen(Class<?> type, ClassLoader loader) {
        try {
            return Class.forName(type.getName(), false, loader) == type;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static String source(Class<?> type) {
        var parameters = type.getTypeParameters();
        var enclosing = type.getEnclosingClass();
        var inGeneric = enclosing != null && enclosing.getTypeParameters().length > 0;
        if (parameters.length == 0 || inGeneric) {
            return type.getCanonicalName();
        }
        return Arrays.stream(parameters)
                .map(Bindings::argument)
                .collect(Collectors.joining(", ", type.getCanonicalName() + "<", ">"));
    }

    private static String argument(TypeVariable<?> parameter) {
        var bounds = parameter.getBounds();
        return bounds.length == 1 && bounds[0] == Object.class ? "Object" : "?";
    }
}
