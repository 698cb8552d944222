namespace Fairlead.Operator.Proxies;

/// <summary>How a proxy gets what it serves over HTTP and HTTPS: as one key of its Secret, mounted by itself. Wire contract with the proxy container.</summary>
internal static class ServeConfig
{
    /// <summary>Key in the replica's Secret, and the name of the file.</summary>
    public const string Key = "serve-config";

    /// <summary>Folder that holds one folder for each replica, with the file in it.</summary>
    public const string Folder = "/etc/tailscaled";

    /// <summary>Stands for the device's certificate name, which the proxy puts in.</summary>
    public const string CertificateDomain = "${TS_CERT_DOMAIN}";
}
