using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

internal static class ObjectIdentity
{
    public static ObjectKey KeyOf(IKubernetesObject value) => new(value.Metadata.Namespace ?? "", value.Metadata.Name ?? "");

    /// <summary>
    /// Order of two resource versions: they are decimal numbers without leading zeros, hence the longer is the larger
    /// (comparing them is sanctioned since Kubernetes 1.35). Anything that is no number counts as newer, unless equal.
    /// </summary>
    public static int CompareVersions(string? left, string? right)
    {
        if (left == right)
        {
            return 0;
        }

        if (!IsNumber(left) || !IsNumber(right))
        {
            return 1;
        }

        return left!.Length != right!.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
    }

    private static bool IsNumber(string? version) => !string.IsNullOrEmpty(version) && !version.AsSpan().ContainsAnyExceptInRange('0', '9');
}
