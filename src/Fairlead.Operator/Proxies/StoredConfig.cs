using System.Globalization;
using System.Text.Json;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Tailscale;

namespace Fairlead.Operator.Proxies;

/// <summary>Reads the configuration files that a proxy's Secret holds already.</summary>
internal static class StoredConfig
{
    private static readonly JsonDocumentOptions HuJson = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The auth key in the newest file; null when there is no file, no key, or the file is no JSON.</summary>
    public static SecretText? AuthKey(Secret secret)
    {
        var newest = (secret.Data ?? new Dictionary<string, byte[]>())
            .Where(entry => entry.Value.Length > 0)
            .Select(entry => (Version: VersionOf(entry.Key), Content: entry.Value))
            .Where(file => file.Version is not null)
            .OrderByDescending(file => file.Version)
            .Select(file => file.Content)
            .FirstOrDefault();
        if (newest is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(newest, HuJson);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("AuthKey", out var key)
                && key.ValueKind == JsonValueKind.String
                && key.GetString() is { Length: > 0 } text
                ? new SecretText(text)
                : null;
        }
        catch (JsonException)
        {
            // The apply that follows replaces the broken file.
            return null;
        }
    }

    /// <summary>Whether two files say the same; a file that another operator formatted differently is left as it is.</summary>
    public static bool SameContent(ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> wanted)
    {
        if (stored.Span.SequenceEqual(wanted.Span))
        {
            return true;
        }

        try
        {
            using var left = JsonDocument.Parse(stored, HuJson);
            using var right = JsonDocument.Parse(wanted, HuJson);
            return JsonElement.DeepEquals(left.RootElement, right.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int? VersionOf(string fileName) =>
        fileName.StartsWith("cap-", StringComparison.Ordinal)
        && fileName.EndsWith(".hujson", StringComparison.Ordinal)
        && int.TryParse(fileName.AsSpan(4..^7), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
}
