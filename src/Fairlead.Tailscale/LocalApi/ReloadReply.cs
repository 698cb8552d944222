namespace Fairlead.Tailscale.LocalApi;

internal sealed record ReloadReply
{
    public bool Reloaded { get; init; }

    public string Err { get; init => field = value ?? ""; } = "";
}
