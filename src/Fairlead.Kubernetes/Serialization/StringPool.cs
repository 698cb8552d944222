using System.Text;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>
/// Hands out one instance per common text, found by its UTF-8 bytes without allocating. Old entries give way to new ones, so hostile input
/// cannot make it grow; losing a race only costs a duplicate.
/// </summary>
internal static class StringPool
{
    // Labels, kinds and namespaces of a large cluster number in the hundreds; 4096 slots take 32 KiB.
    private const int Slots = 4096;

    // Longer texts (annotations holding JSON) are rarely shared.
    private const int MaximumLength = 128;

    private static readonly string?[] Entries = new string?[Slots];

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0)
            return "";

        if (utf8.Length > MaximumLength)
            return Encoding.UTF8.GetString(utf8);

        ref var slot = ref Entries[Hash(utf8) & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && Ascii.Equals(utf8, known))
            return known;

        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref slot, text);
        return text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return (uint)hash.ToHashCode();
    }
}
