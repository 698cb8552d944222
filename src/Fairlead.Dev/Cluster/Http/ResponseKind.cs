namespace Fairlead.Dev.Cluster.Http;

/// <summary>The form in which a client wants objects.</summary>
internal enum ResponseKind
{
    Objects,
    Metadata,
    Table,
}
