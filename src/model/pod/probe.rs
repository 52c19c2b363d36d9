//! Probes: how Kubernetes finds out whether a container is well.

use crate::model::scalar::IntOrString;
use crate::record;

record! {
    /// A probe and how often it is made.
    pub struct Probe {
        pub probe_handler: ProbeHandler => embed,
        pub initial_delay_seconds: i32 => "initialDelaySeconds" omit,
        pub timeout_seconds: i32 => "timeoutSeconds" omit,
        pub period_seconds: i32 => "periodSeconds" omit,
        pub success_threshold: i32 => "successThreshold" omit,
        pub failure_threshold: i32 => "failureThreshold" omit,
        pub termination_grace_period_seconds: Option<i64> => "terminationGracePeriodSeconds" omit,
    }

    /// What a probe does.
    pub struct ProbeHandler {
        pub exec: Option<Box<ExecAction>> => "exec" omit,
        pub http_get: Option<Box<HTTPGetAction>> => "httpGet" omit,
        pub tcp_socket: Option<Box<TCPSocketAction>> => "tcpSocket" omit,
        pub grpc: Option<Box<GRPCAction>> => "grpc" omit,
    }

    /// Running a command.
    pub struct ExecAction {
        pub command: Vec<String> => "command" omit,
    }

    /// An HTTP request.
    pub struct HTTPGetAction {
        pub path: String => "path" omit,
        pub port: IntOrString => "port" keep,
        pub host: String => "host" omit,
        pub scheme: String => "scheme" omit,
        pub http_headers: Vec<HTTPHeader> => "httpHeaders" omit,
    }

    /// A header of that request.
    pub struct HTTPHeader {
        pub name: String => "name" keep,
        pub value: String => "value" keep,
    }

    /// Opening a connection.
    pub struct TCPSocketAction {
        pub port: IntOrString => "port" keep,
        pub host: String => "host" omit,
    }

    /// A gRPC health check.
    pub struct GRPCAction {
        pub port: i32 => "port" keep,
        pub service: Option<String> => "service" keep,
    }
}
