using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Configuration;

/// <summary>
/// A device's configuration file, version <c>alpha0</c>: JSON with comments and trailing commas. Fields that are absent leave the device as it
/// is. Its text never shows the auth key.
/// </summary>
public sealed record DeviceConfigurationFile
{
    /// <summary>The one version there is.</summary>
    public const string SupportedVersion = "alpha0";

    [JsonPropertyName("Version")]
    public string Version { get; init; } = "";

    [JsonPropertyName("Locked")]
    public bool? Locked { get; init; }

    [JsonPropertyName("ServerURL")]
    public string? ServerUrl { get; init; }

    [JsonPropertyName("AuthKey")]
    public string? AuthKey { get; init; }

    [JsonPropertyName("Enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("OperatorUser")]
    public string? OperatorUser { get; init; }

    [JsonPropertyName("Hostname")]
    public string? Hostname { get; init; }

    [JsonPropertyName("acceptDNS")]
    public bool? AcceptDns { get; init; }

    [JsonPropertyName("acceptRoutes")]
    public bool? AcceptRoutes { get; init; }

    [JsonPropertyName("exitNode")]
    public string? ExitNode { get; init; }

    [JsonPropertyName("allowLANWhileUsingExitNode")]
    public bool? AllowLanWhileUsingExitNode { get; init; }

    [JsonPropertyName("AdvertiseRoutes")]
    public IReadOnlyList<string>? AdvertiseRoutes { get; init; }

    [JsonPropertyName("AdvertiseExitNode")]
    public bool? AdvertiseExitNode { get; init; }

    [JsonPropertyName("DisableSNAT")]
    public bool? DisableSnat { get; init; }

    [JsonPropertyName("AdvertiseServices")]
    public IReadOnlyList<string>? AdvertiseServices { get; init; }

    [JsonPropertyName("AppConnector")]
    public AppConnectorSetting? AppConnector { get; init; }

    [JsonPropertyName("NetfilterMode")]
    public string? NetfilterMode { get; init; }

    [JsonPropertyName("NoStatefulFiltering")]
    public bool? NoStatefulFiltering { get; init; }

    [JsonPropertyName("PostureChecking")]
    public bool? PostureChecking { get; init; }

    [JsonPropertyName("RunSSHServer")]
    public bool? RunSshServer { get; init; }

    [JsonPropertyName("RunWebClient")]
    public bool? RunWebClient { get; init; }

    [JsonPropertyName("ShieldsUp")]
    public bool? ShieldsUp { get; init; }

    [JsonPropertyName("RemoteConfig")]
    public bool? RemoteConfig { get; init; }

    [JsonPropertyName("AutoUpdate")]
    public AutoUpdateSetting? AutoUpdate { get; init; }

    [JsonPropertyName("ServeConfigTemp")]
    public JsonNode? ServeConfig { get; init; }

    [JsonPropertyName("StaticEndpoints")]
    public IReadOnlyList<string>? StaticEndpoints { get; init; }

    [JsonPropertyName("RelayServerPort")]
    public int? RelayServerPort { get; init; }

    [JsonPropertyName("RelayServerStaticEndpoints")]
    public IReadOnlyList<string>? RelayServerStaticEndpoints { get; init; }

    /// <exception cref="ProxyConfigurationException">It is not such a file; the message names <paramref name="path"/> and the place.</exception>
    public static DeviceConfigurationFile Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, DeviceConfigurationJson.Default.DeviceConfigurationFile);
            return file?.Version == SupportedVersion
                ? file
                : throw new ProxyConfigurationException($"{path} has the version '{file?.Version}'; this proxy reads {SupportedVersion}.");
        }
        catch (JsonException e)
        {
            // The exception's own text may quote the file.
            throw new ProxyConfigurationException($"{path} cannot be read at line {e.LineNumber + 1}{(e.Path is null ? "" : $", {e.Path}")}: it is no configuration of version {SupportedVersion}.");
        }
    }

    public override string ToString() => $"{nameof(DeviceConfigurationFile)} of '{Hostname}'";
}
