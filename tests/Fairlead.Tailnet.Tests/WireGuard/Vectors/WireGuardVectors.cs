using System.Text.Json;

namespace Fairlead.Tailnet.Tests.WireGuard.Vectors;

/// <summary>What <c>vectors.py</c> computed.</summary>
internal static class WireGuardVectors
{
    private static readonly Dictionary<string, string> Values = Load();

    public static byte[] Get(string name) => Convert.FromHexString(Values[name]);

    private static Dictionary<string, string> Load()
    {
        using var stream = typeof(WireGuardVectors).Assembly.GetManifestResourceStream("wireguard-vectors.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
