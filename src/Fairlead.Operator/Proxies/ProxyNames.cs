using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Operator.Proxies;

/// <summary>Names of the objects of standalone proxies.</summary>
public static class ProxyNames
{
    /// <summary>
    /// Longest part of a parent's name that is kept: a StatefulSet's name may have 52 characters, because its controller derives
    /// a label of at most 63 from it; "ts-", a dash and five characters of suffix go off.
    /// </summary>
    private const int ParentLength = 43;

    private const int SuffixLength = 5;

    /// <summary>The alphabet of Kubernetes' own generated names: no vowels and no look-alikes.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary><c>ts-NAME-</c>, as upstream passes it to <c>generateName</c>.</summary>
    public static string BaseFor(string parentName) =>
        $"ts-{(parentName.Length > ParentLength ? parentName[..ParentLength] : parentName)}-";

    /// <summary>
    /// Name of the proxy's headless Service and StatefulSet. The suffix is derived from the parent's UID instead of being
    /// random: creating it again, after a crash or on a replica with an older view, then meets the same object.
    /// </summary>
    /// <param name="attempt">0, or higher when the name is taken by somebody else.</param>
    public static string For(string parentName, string parentUid, int attempt = 0)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(attempt == 0 ? parentUid : $"{parentUid}/{attempt}"));
        return string.Create(null, stackalloc char[64], $"{BaseFor(parentName)}{Suffix(digest)}");
    }

    /// <summary>Name of the Secret, and Pod, of one replica.</summary>
    public static string Replica(string statefulSetName, int ordinal) => $"{statefulSetName}-{ordinal}";

    /// <summary>Which replica's a name is; null when it is none of the StatefulSet's.</summary>
    public static int? OrdinalOf(string name, string statefulSetName) =>
        name.Length > statefulSetName.Length + 1
        && name.StartsWith(statefulSetName, StringComparison.Ordinal)
        && name[statefulSetName.Length] == '-'
        && int.TryParse(name.AsSpan(statefulSetName.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : null;

    private static string Suffix(byte[] digest) => string.Create(SuffixLength, digest, static (text, bytes) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Alphabet[BitConverter.ToUInt16(bytes, i * 2) % Alphabet.Length];
        }
    });
}
