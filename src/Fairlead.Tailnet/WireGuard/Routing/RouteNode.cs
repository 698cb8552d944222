namespace Fairlead.Tailnet.WireGuard.Routing;

/// <summary>A node of a binary trie whose paths without a fork are one step. Immutable: a change makes new nodes from the root to it.</summary>
internal sealed class RouteNode<T>(UInt128 bits, int length, T? value, RouteNode<T>? zero, RouteNode<T>? one)
    where T : class
{
    /// <summary>Bits of an address.</summary>
    public const int MaxLength = 128;

    /// <summary>The value of the longest prefix that the address is in.</summary>
    public static T? Find(RouteNode<T>? node, UInt128 address)
    {
        T? found = null;
        while (node is not null && node.CommonLength(address) >= node.Length)
        {
            found = node.Value ?? found;
            node = node.Length == MaxLength ? null : node.Child(address);
        }

        return found;
    }

    public static RouteNode<T> Add(RouteNode<T>? node, UInt128 bits, int length, T value)
    {
        if (node is null)
        {
            return new RouteNode<T>(bits, length, value, null, null);
        }

        var common = Math.Min(node.CommonLength(bits), Math.Min(length, node.Length));
        if (common < node.Length)
        {
            var added = common == length
                ? new RouteNode<T>(bits, length, value, null, null)
                : new RouteNode<T>(Truncate(bits, common), common, null, null, null).With(bits, new RouteNode<T>(bits, length, value, null, null));
            return added.With(node.Bits, node);
        }

        return length == node.Length
            ? new RouteNode<T>(bits, length, value, node.Zero, node.One)
            : node.With(bits, Add(node.Child(bits), bits, length, value));
    }

    /// <summary>Without the prefix, if it has this value.</summary>
    public static RouteNode<T>? Remove(RouteNode<T>? node, UInt128 bits, int length, T value)
    {
        if (node is null || node.Length > length || node.CommonLength(bits) < node.Length)
        {
            return node;
        }

        if (node.Length < length)
        {
            return node.With(bits, Remove(node.Child(bits), bits, length, value)).Collapse();
        }

        return ReferenceEquals(node.Value, value) ? new RouteNode<T>(bits, length, null, node.Zero, node.One).Collapse() : node;
    }

    private UInt128 Bits => bits;

    private int Length => length;

    private T? Value => value;

    private RouteNode<T>? Zero => zero;

    private RouteNode<T>? One => one;

    private static UInt128 Truncate(UInt128 bits, int length) => length == 0 ? 0 : bits >> (MaxLength - length) << (MaxLength - length);

    private int CommonLength(UInt128 address) => (int)UInt128.LeadingZeroCount(bits ^ address);

    private bool IsOne(UInt128 address) => (address >> (MaxLength - 1 - length) & 1) != 0;

    private RouteNode<T>? Child(UInt128 address) => IsOne(address) ? one : zero;

    private RouteNode<T> With(UInt128 address, RouteNode<T>? child) =>
        IsOne(address) ? new RouteNode<T>(bits, length, value, zero, child) : new RouteNode<T>(bits, length, value, child, one);

    private RouteNode<T>? Collapse() => value is not null || (zero is not null && one is not null) ? this : zero ?? one;
}
