package evy.web;

import evy.web.http1.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The fields of a request, looked up in the bytes received. */
final class RequestHeaders implements Headers {
    private final Request request;

    RequestHeaders(Request request) {
        this.request = request;
    }

    @Override
    public @Nullable String get(String name) {
        RequestHead head = request.head();
        int index = head.findField(name, 0);
        return index < 0 ? null : head.fieldValue(index);
    }

    @Override
    public List<String> all(String name) {
        RequestHead head = request.head();
        List<String> values = new ArrayList<>();
        for (int i = head.findField(name, 0); i >= 0; i = head.findField(name, i + 1)) {
            values.add(head.fieldValue(i));
        }
        return values;
    }

    @Override
    public boolean contains(String name) {
        return request.head().findField(name, 0) >= 0;
    }

    @Override
    public int size() {
        return request.head().fieldCount();
    }

    @Override
    public Field field(int index) {
        RequestHead head = request.head();
        if (index < 0 || index >= head.fieldCount()) {
            throw new IndexOutOfBoundsException("field " + index + " of " + head.fieldCount());
        }
        return new Field(head.fieldName(index), head.fieldValue(index));
    }

    @Override
    public Headers copy() {
        return HeaderList.copyOf(this);
    }

    @Override
    public Iterator<Field> iterator() {
        return new FieldIterator(this);
    }

    @Override
    public String toString() {
        return copy().toString();
    }
}
