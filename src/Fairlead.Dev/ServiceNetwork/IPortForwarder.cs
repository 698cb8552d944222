namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Serves one port of a Service while it has endpoints; disposing of it ends its connections.</summary>
internal interface IPortForwarder : IDisposable
{
    /// <summary>Takes over new endpoints. Connections to those that are no longer known end.</summary>
    void Update(ServiceBackends backends);
}
