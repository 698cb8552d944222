using System.Collections.Frozen;

namespace Fairlead.Dev.Cel.Values;

/// <summary>The names CEL and the Kubernetes libraries give their types.</summary>
internal static class CelKinds
{
    private static readonly FrozenDictionary<CelKind, string> Names = new Dictionary<CelKind, string>
    {
        [CelKind.Dyn] = "dyn",
        [CelKind.Null] = "null_type",
        [CelKind.Bool] = "bool",
        [CelKind.Int] = "int",
        [CelKind.Uint] = "uint",
        [CelKind.Double] = "double",
        [CelKind.String] = "string",
        [CelKind.Bytes] = "bytes",
        [CelKind.List] = "list",
        [CelKind.Map] = "map",
        [CelKind.Timestamp] = "google.protobuf.Timestamp",
        [CelKind.Duration] = "google.protobuf.Duration",
        [CelKind.Type] = "type",
        [CelKind.Optional] = "optional_type",
        [CelKind.Quantity] = "kubernetes.Quantity",
        [CelKind.Url] = "kubernetes.URL",
        [CelKind.IP] = "net.IP",
        [CelKind.Cidr] = "net.CIDR",
        [CelKind.Semver] = "kubernetes.Semver",
        [CelKind.Format] = "kubernetes.NamedFormat",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, CelKind> ByName =
        Names.Where(n => n.Key != CelKind.Dyn).ToFrozenDictionary(n => n.Value, n => n.Key);

    public static string Name(CelKind kind) => Names[kind];

    public static bool TryParse(string name, out CelKind kind) => ByName.TryGetValue(name, out kind);

    public static bool IsNumeric(CelKind kind) => kind is CelKind.Int or CelKind.Uint or CelKind.Double;
}
