namespace Fairlead.Tailscale.LocalApi;

internal sealed record WarningReply
{
    public string Warning { get; init => field = value ?? ""; } = "";
}
