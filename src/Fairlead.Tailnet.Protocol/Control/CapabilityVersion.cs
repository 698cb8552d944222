namespace Fairlead.Tailnet.Protocol.Control;

/// <summary>Versions of the Tailscale control protocol: a client states the newest it knows, and a server holds back what came later.</summary>
public static class CapabilityVersion
{
    /// <summary>The version spoken here.</summary>
    public const int Current = 145;

    /// <summary>From here on a streaming map request is read-only, and updates of the node are requests of their own.</summary>
    public const int ReadOnlyStreaming = 68;

    /// <summary>From here on packet filters come by name, one by one.</summary>
    public const int NamedPacketFilters = 81;

    /// <summary>From here on absent allowed addresses of a node stand for its own addresses.</summary>
    public const int AllowedAddressesDefault = 112;

    /// <summary>From here on health comes as <see cref="Health.DisplayMessage"/>s by name.</summary>
    public const int DisplayMessages = 117;

    /// <summary>From here on a registration may be refused with HTTP status 429 and <c>Retry-After</c>.</summary>
    public const int RegistrationBackOff = 137;
}
