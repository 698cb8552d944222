namespace Fairlead.Tailnet.Nodes.State;

/// <summary>Keys of a node's state, the same as tailscaled's, so that a state can be taken over.</summary>
public static class NodeStateKeys
{
    /// <summary>The machine key as text.</summary>
    public const string MachineKey = "_machinekey";

    /// <summary>JSON: by ID what is known of each profile.</summary>
    public const string Profiles = "_profiles";

    /// <summary>Names the key under which the profile in use lies.</summary>
    public const string CurrentProfile = "_current-profile";

    /// <summary>Key of the account at the certificate authority, as PEM.</summary>
    public const string AcmeAccountKey = "acme-account.key.pem";

    /// <summary>JSON: preferences, and in them the node's key.</summary>
    public static string Profile(string id) => $"profile-{id}";

    /// <summary>Private key of a certificate, as PEM.</summary>
    public static string CertificateKey(string domain) => $"{domain}.key";

    /// <summary>A certificate and those above it, as PEM.</summary>
    public static string CertificateChain(string domain) => $"{domain}.crt";
}
