namespace Fairlead.Dev.Runner.Containers;

/// <summary>When a container is started again.</summary>
internal enum RestartPolicy
{
    Always,
    OnFailure,
    Never,
}
