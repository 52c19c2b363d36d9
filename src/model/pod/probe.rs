//! Probes: how Kubernetes finds out whether a container is well.

use crate::model::scalar::IntOrString;
use crate::record;

record! {
    /// A probe and how often it is made.
    pub struct Probe {
        /// What is done to find out.
        pub probe_handler: ProbeHandler => embed,
        /// How many seconds after the start it begins.
        pub initial_delay_seconds: i32 => "initialDelaySeconds" omit,
        /// After how many seconds it has failed; 1 when not given.
        pub timeout_seconds: i32 => "timeoutSeconds" omit,
        /// How many seconds lie between two looks; 10 when not given.
        pub period_seconds: i32 => "periodSeconds" omit,
        /// How many successes in a row make up for a failure; 1 when not given.
        pub success_threshold: i32 => "successThreshold" omit,
        /// How many failures in a row count as one; 3 when not given.
        pub failure_threshold: i32 => "failureThreshold" omit,
        /// How many seconds the pod has to stop after a failure; its own time when not given.
        pub termination_grace_period_seconds: Option<i64> => "terminationGracePeriodSeconds" omit,
    }

    /// What a probe does.
    pub struct ProbeHandler {
        /// Runs a program in the container.
        pub exec: Option<Box<ExecAction>> => "exec" omit,
        /// Sends a request by HTTP.
        pub http_get: Option<Box<HTTPGetAction>> => "httpGet" omit,
        /// Opens a connection.
        pub tcp_socket: Option<Box<TCPSocketAction>> => "tcpSocket" omit,
        /// Asks the health service of gRPC.
        pub grpc: Option<Box<GRPCAction>> => "grpc" omit,
    }

    /// Running a command.
    pub struct ExecAction {
        /// The program and its arguments; no shell is involved.
        pub command: Vec<String> => "command" omit,
    }

    /// An HTTP request.
    pub struct HTTPGetAction {
        /// The path that is asked for.
        pub path: String => "path" omit,
        /// The port, by number or name.
        pub port: IntOrString => "port" keep,
        /// The host; the pod's own address when not given.
        pub host: String => "host" omit,
        /// `HTTP` or `HTTPS`; HTTP when not given.
        pub scheme: String => "scheme" omit,
        /// Headers of the request.
        pub http_headers: Vec<HTTPHeader> => "httpHeaders" omit,
    }

    /// A header of that request.
    pub struct HTTPHeader {
        /// The header.
        pub name: String => "name" keep,
        /// Its value.
        pub value: String => "value" keep,
    }

    /// Opening a connection.
    pub struct TCPSocketAction {
        /// The port, by number or name.
        pub port: IntOrString => "port" keep,
        /// The host; the pod's own address when not given.
        pub host: String => "host" omit,
    }

    /// A gRPC health check.
    pub struct GRPCAction {
        /// The port's number.
        pub port: i32 => "port" keep,
        /// The service that is asked about.
        pub service: Option<String> => "service" keep,
    }
}
