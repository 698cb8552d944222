namespace Fairlead.Dev.Cel.Values;

internal sealed class CelString(string value) : CelValue
{
    public string Value { get; } = value;

    public override CelKind Kind => CelKind.String;

    internal override int Size => Value.Length;

    public override string ToString() => Value;

    /// <summary>Orders by code point, which UTF-16 order is not for characters beyond U+FFFF.</summary>
    public static int Compare(string left, string right)
    {
        var a = left.EnumerateRunes().GetEnumerator();
        var b = right.EnumerateRunes().GetEnumerator();
        while (true)
        {
            var more = a.MoveNext();
            if (more != b.MoveNext())
                return more ? 1 : -1;
            if (!more)
                return 0;
            var order = a.Current.CompareTo(b.Current);
            if (order != 0)
                return order;
        }
    }
}
