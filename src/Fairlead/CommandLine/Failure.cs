using System.Net.Sockets;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Yaml;
using Fairlead.Operator.Configuration;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Hosting;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailscale.Errors;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.CommandLine;

/// <summary>What an exception that ended a verb means to the person who ran it: one line and an exit code.</summary>
internal sealed record Failure(int ExitCode, string Message)
{
    /// <summary>Null for exceptions nobody outside the program can do anything about.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        UserErrorException e => new Failure(e.ExitCode, e.Message),
        OperatorConfigurationException or ProxyConfigurationException or KubeconfigException => new Failure(ExitCodes.BadConfiguration, exception.Message),
        YamlFormatException e => new Failure(ExitCodes.BadConfiguration, $"{e.Message}; correct the YAML"),
        KubernetesConnectionException or CredentialException or TailscaleApiException or TailnetNodeException or NodeStateException or ProxyException or ForwardingException => new Failure(ExitCodes.Unavailable, exception.Message),
        KubernetesApiException => new Failure(ExitCodes.Unavailable, $"the API server refuses: {exception.Message}"),
        IOException { InnerException: AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } =>
            new Failure(ExitCodes.Unavailable, $"{exception.Message.TrimEnd('.')}; stop what listens there, or choose another port"),
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            new Failure(ExitCodes.Unavailable, "the port may not be opened by this user; choose one above 1023"),
        UnauthorizedAccessException or IOException =>
            new Failure(ExitCodes.Unavailable, $"{exception.Message.TrimEnd('.')}; check the path and its permissions"),
        _ => null,
    };
}
