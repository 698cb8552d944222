namespace Fairlead.Proxy.Serving;

/// <summary>One port that a device serves.</summary>
/// <param name="Service">Name of the Tailscale Service whose port it is; empty for the device's own.</param>
internal readonly record struct ServePort(string Service, int Port)
{
    public override string ToString() => Service.Length == 0 ? $"port {Port}" : $"port {Port} of {Service}";
}
