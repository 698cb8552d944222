namespace Fairlead.Proxy.Forwarding;

/// <summary>A port that the Pod cannot listen on, and so one of a Service's that leads nowhere.</summary>
/// <param name="Problem">Names the Service and the port, and the remedy.</param>
public sealed record RefusedPort(string Service, string Problem);
