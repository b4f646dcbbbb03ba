package evy.db;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLXML;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the classes of {@linkplain Borrowed borrowed objects}, one for each interface of JDBC, when
 * it is first needed.
 */
/*
 * Written out, these are a thousand methods that differ in nothing but their names; made from the
 * interfaces, they are those of the JDK that runs. What is made reads
 *
 *     public final R name(A a) {
 *         connection.enter();
 *         try {
 *             R result = lend(raw.name(unwrapped(a)), this);
 *             connection.exit();
 *             return result;
 *         } catch (Throwable t) {
 *             connection.failed(t);
 *             connection.exit();
 *             throw t;
 *         }
 *     }
 *
 * and is compiled like any other class, where a reflective proxy would cost an array, boxes and a
 * look-up for each call. `lend` is a dynamic call site, so that a class is made when an object of it
 * first is. The getters of result sets, which are many and short, check only and are not counted.
 */
final class Delegates {
    private static final Map<Class<?>, Class<?>> BASES =
            Map.ofEntries(
                    Map.entry(Connection.class, BorrowedConnection.class),
                    Map.entry(Statement.class, BorrowedStatement.class),
                    Map.entry(PreparedStatement.class, BorrowedStatement.class),
                    Map.entry(CallableStatement.class, BorrowedStatement.class),
                    Map.entry(ResultSet.class, BorrowedResultSet.class),
                    Map.entry(DatabaseMetaData.class, BorrowedMetaData.class),
                    Map.entry(ResultSetMetaData.class, BorrowedValue.class),
                    Map.entry(ParameterMetaData.class, BorrowedValue.class),
                    Map.entry(Blob.class, BorrowedValue.class),
                    Map.entry(Clob.class, BorrowedValue.class),
                    Map.entry(NClob.class, BorrowedValue.class),
                    Map.entry(Array.class, BorrowedValue.class),
                    Map.entry(SQLXML.class, BorrowedValue.class),
                    Map.entry(Ref.class, BorrowedValue.class));

    private static final ClassDesc BORROWED = desc(Borrowed.class);
    private static final ClassDesc CONNECTION = desc(BorrowedConnection.class);
    private static final ClassDesc THROWABLE = ConstantDescs.CD_Throwable;
    private static final MethodTypeDesc ACTION = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc NOTE = MethodTypeDesc.of(ConstantDescs.CD_void, THROWABLE);
    private static final String RAW = "raw";

    // any thread
    private static final ConcurrentHashMap<Class<?>, MethodHandle> MAKERS =
            new ConcurrentHashMap<>();

    private static final MethodHandle NEW_CONNECTION =
            maker(Connection.class)
                    .asType(
                            MethodType.methodType(
                                    BorrowedConnection.class,
                                    PhysicalConnection.class,
                                    Connection.class));

    private Delegates() {}

    /** The interfaces that are wrapped. */
    static Set<Class<?>> types() {
        return BASES.keySet();
    }

    /** A new handle of a connection. */
    static BorrowedConnection connection(PhysicalConnection physical) {
        try {
            return (BorrowedConnection) NEW_CONNECTION.invokeExact(physical, physical.raw);
        } catch (Throwable t) {
            throw Borrowed.<RuntimeException>sneak(t);
        }
    }

    /** Wraps an object of the driver; from here, where the type is not known at link time. */
    static Object lendAs(Class<?> type, Object raw, Borrowed parent) {
        try {
            return maker(type).invoke(parent, raw);
        } catch (Throwable t) {
            throw Borrowed.<RuntimeException>sneak(t);
        }
    }

    /** Links a call site that wraps results of one type: (raw, parent) to the wrapped one. */
    static CallSite bootstrap(MethodHandles.Lookup caller, String name, MethodType type)
            throws ReflectiveOperationException {
        Class<?> wrapped = type.returnType();
        MethodHandle wrap =
                MethodHandles.permuteArguments(
                        maker(wrapped)
                                .asType(MethodType.methodType(wrapped, Borrowed.class, wrapped)),
                        type,
                        1,
                        0);
        MethodHandle isNull =
                MethodHandles.lookup()
                        .findStatic(
                                Objects.class,
                                "isNull",
                                MethodType.methodType(boolean.class, Object.class))
                        .asType(MethodType.methodType(boolean.class, wrapped));
        return new ConstantCallSite(
                MethodHandles.guardWithTest(isNull, MethodHandles.empty(type), wrap));
    }

    private static MethodHandle maker(Class<?> type) {
        MethodHandle maker = MAKERS.get(type);
        return maker == null ? MAKERS.computeIfAbsent(type, Delegates::define) : maker;
    }

    /* The constructor of a new class: what its base takes, and the driver's object. */
    private static MethodHandle define(Class<?> type) {
        Class<?> base = BASES.get(type);
        if (base == null) {
            throw new IllegalArgumentException(type.getName() + " is not wrapped");
        }
        Class<?> parent = type == Connection.class ? PhysicalConnection.class : Borrowed.class;
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> made = lookup.defineClass(new Shape(type, base, parent).bytes());
            return lookup.findConstructor(made, MethodType.methodType(void.class, parent, type));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make a delegate for " + type.getName(), e);
        }
    }

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    /** One class to be made. */
    private static final class Shape {
        private final Class<?> type;
        private final Class<?> base;
        private final ClassDesc self;
        private final ClassDesc rawType;
        private final ClassDesc parent;

        Shape(Class<?> type, Class<?> base, Class<?> parent) {
            this.type = type;
            this.base = base;
            this.self = ClassDesc.of(Borrowed.class.getName() + '$' + type.getSimpleName());
            this.rawType = desc(type);
            this.parent = desc(parent);
        }

        byte[] bytes() {
            return ClassFile.of().build(self, this::build);
        }

        private void build(ClassBuilder builder) {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                    .withSuperclass(desc(base))
                    .withInterfaceSymbols(List.of(rawType))
                    .withField(RAW, rawType, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            builder.withMethodBody(
                    ConstantDescs.INIT_NAME,
                    MethodTypeDesc.of(ConstantDescs.CD_void, parent, rawType),
                    0,
                    this::constructor);
            builder.withMethodBody(
                    RAW,
                    MethodTypeDesc.of(ConstantDescs.CD_Object),
                    ClassFile.ACC_FINAL,
                    code -> code.aload(0).getfield(self, RAW, rawType).areturn());
            Set<String> done = new HashSet<>();
            for (Method method : type.getMethods()) {
                MethodTypeDesc signature = signature(method);
                if (!Modifier.isStatic(method.getModifiers())
                        && !isWrittenOut(method)
                        && done.add(method.getName() + signature.descriptorString())) {
                    builder.withMethodBody(
                            method.getName(),
                            signature,
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL,
                            code -> forward(code, method, signature));
                }
            }
        }

        private void constructor(CodeBuilder code) {
            code.aload(0)
                    .aload(1)
                    .invokespecial(
                            desc(base),
                            ConstantDescs.INIT_NAME,
                            MethodTypeDesc.of(ConstantDescs.CD_void, parent))
                    .aload(0)
                    .aload(2)
                    .putfield(self, RAW, rawType)
                    .return_();
        }

        private boolean isWrittenOut(Method method) {
            for (Class<?> c = base; c != null; c = c.getSuperclass()) {
                for (Method own : c.getDeclaredMethods()) {
                    if (!Modifier.isAbstract(own.getModifiers())
                            && own.getName().equals(method.getName())
                            && List.of(own.getParameterTypes())
                                    .equals(List.of(method.getParameterTypes()))) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void forward(CodeBuilder code, Method method, MethodTypeDesc signature) {
            boolean counted = isCounted(method);
            call(code, counted ? "enter" : "check", ACTION);
            code.trying(
                    body -> {
                        body.aload(0).getfield(self, RAW, rawType);
                        for (int i = 0; i < method.getParameterCount(); i++) {
                            loadArgument(body, i, method.getParameterTypes()[i]);
                        }
                        body.invokeinterface(rawType, method.getName(), signature);
                        wrapResult(body, method.getReturnType());
                        if (counted) {
                            call(body, "exit", ACTION);
                        }
                        body.return_(TypeKind.from(signature.returnType()));
                    },
                    catches ->
                            catches.catching(
                                    THROWABLE,
                                    handler -> {
                                        handler.dup()
                                                .aload(0)
                                                .getfield(self, "connection", CONNECTION)
                                                .swap()
                                                .invokevirtual(CONNECTION, "failed", NOTE);
                                        if (counted) {
                                            call(handler, "exit", ACTION);
                                        }
                                        handler.athrow();
                                    }));
        }

        private boolean isCounted(Method method) {
            return type != ResultSet.class
                    || !(method.getName().startsWith("get") || method.getName().equals("wasNull"));
        }

        private void call(CodeBuilder code, String method, MethodTypeDesc signature) {
            code.aload(0)
                    .getfield(self, "connection", CONNECTION)
                    .invokevirtual(CONNECTION, method, signature);
        }

        private static void loadArgument(CodeBuilder code, int index, Class<?> argument) {
            ClassDesc described = desc(argument);
            code.loadLocal(TypeKind.from(described), code.parameterSlot(index));
            if (argument == Object.class || BASES.containsKey(argument)) {
                code.invokestatic(
                        BORROWED,
                        "unwrapped",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object));
                if (argument != Object.class) {
                    code.checkcast(described);
                }
            }
        }

        private static void wrapResult(CodeBuilder code, Class<?> result) {
            if (result == Object.class) {
                code.aload(0)
                        .invokestatic(
                                BORROWED,
                                "lend",
                                MethodTypeDesc.of(
                                        ConstantDescs.CD_Object,
                                        ConstantDescs.CD_Object,
                                        BORROWED));
            } else if (BASES.containsKey(result)) {
                code.aload(0)
                        .invokedynamic(
                                DynamicCallSiteDesc.of(
                                        ConstantDescs.ofCallsiteBootstrap(
                                                desc(Delegates.class),
                                                "bootstrap",
                                                ConstantDescs.CD_CallSite),
                                        "lend",
                                        MethodTypeDesc.of(desc(result), desc(result), BORROWED)));
            }
        }

        private static MethodTypeDesc signature(Method method) {
            return MethodTypeDesc.ofDescriptor(
                    MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                            .descriptorString());
        }
    }
}
