namespace Fairlead.Kubernetes.Configuration;

/// <summary>Whether a credential program may ask the user.</summary>
internal enum ExecInteractiveMode
{
    Never,

    IfAvailable,

    Always,
}
